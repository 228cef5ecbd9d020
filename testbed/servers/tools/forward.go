package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/netip"
	"strings"
)

// forward lets the node and its pods, and nobody else, reach the API server, which itself listens on loopback only.
// Linux answers for an address of any of its links, so binding to the link's address alone would not keep others out.
func forward(arguments []string) error {
	flags := flag.NewFlagSet("forward", flag.ExitOnError)
	listen := flags.String("listen", "", "address:port to listen on")
	to := flags.String("to", "", "address:port to connect to")
	allow := flags.String("allow", "", "comma-separated address ranges that may connect")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	var allowed []netip.Prefix
	for _, text := range strings.Split(*allow, ",") {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return fmt.Errorf("-allow: %w", err)
		}
		allowed = append(allowed, prefix)
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		if !comesFrom(connection.RemoteAddr(), allowed) {
			log.Printf("refused a connection from %s", connection.RemoteAddr())
			_ = connection.Close()
			continue
		}
		go join(connection.(*net.TCPConn), *to)
	}
}

func comesFrom(remote net.Addr, allowed []netip.Prefix) bool {
	address, err := netip.ParseAddrPort(remote.String())
	if err != nil {
		return false
	}
	for _, prefix := range allowed {
		if prefix.Contains(address.Addr().Unmap()) {
			return true
		}
	}
	return false
}

func join(client *net.TCPConn, to string) {
	defer client.Close()
	dialled, err := net.Dial("tcp", to)
	if err != nil {
		log.Printf("cannot reach %s: %v", to, err)
		return
	}
	server := dialled.(*net.TCPConn)
	defer server.Close()
	go pass(server, client)
	pass(client, server)
}

// pass ends both directions when its own ends, or a watch whose other side is gone would hang on for ever.
func pass(to, from *net.TCPConn) {
	_, _ = io.Copy(to, from)
	_ = to.CloseWrite()
	_ = from.CloseRead()
}
