// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"time"
)

// answer says which pod answered, what it was asked for and whom it saw asking: `pod=NAME path=/PATH client=ADDRESS`.
func answer(pod string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintf(w, "pod=%s path=%s client=%s\n", pod, r.URL.Path, r.RemoteAddr)
	})
}

func serveTLS(address, pod string) error {
	certificate, err := selfSigned(pod)
	if err != nil {
		return err
	}
	server := &http.Server{
		Addr:      address,
		Handler:   answer(pod),
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}},
	}
	return server.ListenAndServeTLS("", "")
}

// selfSigned makes a certificate for the host name, the pod's name, localhost and every address of this machine, valid
// from an hour ago for one year.
func selfSigned(pod string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return tls.Certificate{}, err
	}
	host, err := os.Hostname()
	if err != nil {
		return tls.Certificate{}, err
	}
	start := time.Now().Add(-time.Hour)
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: host},
		NotBefore:             start,
		NotAfter:              start.AddDate(1, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              dnsNames(host, pod),
		IPAddresses:           ownAddresses(),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

func dnsNames(host, pod string) []string {
	if host == pod {
		return []string{host, "localhost"}
	}
	return []string{host, pod, "localhost"}
}

func ownAddresses() []net.IP {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var found []net.IP
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok {
			found = append(found, network.IP)
		}
	}
	return found
}
