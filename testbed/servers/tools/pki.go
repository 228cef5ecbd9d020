package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"flag"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// A year: an instance is thrown away long before.
const lifetime = 365 * 24 * time.Hour

type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	folder      string
}

// writePKI writes the certificates and keys of one instance. The keys of the two authorities are thrown away: nothing
// can be signed later, by anyone. etcd has an authority of its own, so that no certificate of the cluster opens it.
func writePKI(arguments []string) error {
	flags := flag.NewFlagSet("pki", flag.ExitOnError)
	folder := flags.String("dir", "", "folder to write to")
	hostIP := flags.String("host-ip", "", "the host's address on the link to the node")
	nodeIP := flags.String("node-ip", "", "the node's address on that link")
	node := flags.String("node", "", "the node's name")
	serviceIP := flags.String("service-ip", "", "address of the service kubernetes.default")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	cluster, err := newAuthority(*folder, "ca", "orkestra-testbed")
	if err != nil {
		return err
	}
	etcd, err := newAuthority(*folder, "etcd-ca", "orkestra-testbed-etcd")
	if err != nil {
		return err
	}
	loopback := net.IPv4(127, 0, 0, 1)
	apiServer := []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
		"kubernetes.default.svc.cluster.local"}
	steps := []error{
		cluster.issue("apiserver", "kube-apiserver", apiServer,
			[]net.IP{loopback, net.ParseIP(*hostIP), net.ParseIP(*serviceIP)}),
		cluster.issue("apiserver-kubelet-client", "kube-apiserver-kubelet-client", nil, nil),
		cluster.issue("kubelet", "system:node:"+*node, []string{*node}, []net.IP{net.ParseIP(*nodeIP)}),
		etcd.issue("etcd", "etcd", []string{"localhost"}, []net.IP{loopback}),
		etcd.issue("apiserver-etcd-client", "kube-apiserver-etcd-client", nil, nil),
		writeSigningKey(*folder),
	}
	for _, err := range steps {
		if err != nil {
			return err
		}
	}
	return nil
}

func newAuthority(folder, file, name string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template, err := newTemplate(name)
	if err != nil {
		return nil, err
	}
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	if err := writePEM(filepath.Join(folder, file+".crt"), "CERTIFICATE", der); err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &authority{certificate, key, folder}, err
}

func (a *authority) issue(file, name string, hosts []string, addresses []net.IP) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template, err := newTemplate(name)
	if err != nil {
		return err
	}
	template.DNSNames = hosts
	template.IPAddresses = addresses
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		return err
	}
	if err := writePEM(filepath.Join(a.folder, file+".crt"), "CERTIFICATE", der); err != nil {
		return err
	}
	return writeKey(filepath.Join(a.folder, file+".key"), key)
}

func newTemplate(name string) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.Add(-time.Hour), // a clock that is set back a little must not stop the cluster
		NotAfter:     now.Add(lifetime),
	}, nil
}

// writeSigningKey writes the pair that service account tokens are signed and checked with.
func writeSigningKey(folder string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	if err := writeKey(filepath.Join(folder, "sa.key"), key); err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return err
	}
	return writePEM(filepath.Join(folder, "sa.pub"), "PUBLIC KEY", public)
}

func writeKey(path string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return writePEM(path, "EC PRIVATE KEY", der)
}

func writePEM(path, kind string, der []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
