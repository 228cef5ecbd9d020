package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// The ports lie below Linux's range for outgoing connections (32768 up) and Kubernetes' NodePorts (30000 up), so that
// nobody gets one by chance between this look and the server's start.
const (
	firstPort = 20000
	portCount = 9000
)

// printFreePorts prints as many free loopback ports as asked for, in one line.
func printFreePorts(arguments []string) error {
	if len(arguments) != 1 {
		return fmt.Errorf("say how many")
	}
	wanted, err := strconv.Atoi(arguments[0])
	if err != nil {
		return err
	}
	tries := rand.Perm(portCount)
	for _, offset := range tries {
		if wanted == 0 {
			fmt.Println()
			return nil
		}
		port := firstPort + offset
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		defer listener.Close()
		fmt.Printf("%d ", port)
		wanted--
	}
	return fmt.Errorf("no free port in %d-%d", firstPort, firstPort+portCount-1)
}
