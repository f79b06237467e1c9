// SPDX-License-Identifier: Apache-2.0

// Command web is the server in the test cluster's pods: HTTP, HTTPS, TCP echo, UDP echo and a silent UDP sink, on ports
// of choice, on both address families. Every flag may be given more than once; without flags it listens nowhere.
package main

import (
	"flag"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

// podName is what the downward API says, or the host name, which is the node's in a hostNetwork pod.
func podName() string {
	if name := os.Getenv("POD_NAME"); name != "" {
		return name
	}
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}

// onEach calls serve in the background for every address that the flag is given.
func onEach(name, usage string, serve func(address string) error) {
	flag.Func(name, usage, func(address string) error {
		if _, _, err := net.SplitHostPort(address); err != nil {
			return err
		}
		go func() { log.Fatalf("%s %s: %v", name, address, serve(address)) }()
		return nil
	})
}

func main() {
	log.SetFlags(0)
	pod := podName()
	onEach("http", "serve HTTP on `ADDRESS`", func(address string) error {
		return http.ListenAndServe(address, answer(pod))
	})
	onEach("https", "serve HTTPS with a self-signed certificate on `ADDRESS`", func(address string) error {
		return serveTLS(address, pod)
	})
	onEach("tcp", "echo what TCP connections send on `ADDRESS`", echoTCP)
	onEach("udp-echo", "send every datagram on `ADDRESS` back", echoUDP)
	onEach("udp-sink", "read datagrams on `ADDRESS` and never answer", sinkUDP)

	// As process 1 of a container nothing ends it that is not handled: the kernel gives that process no default action.
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	flag.Parse()
	if flag.NArg() > 0 {
		log.Fatalf("unexpected argument %q", flag.Arg(0))
	}
	<-end
}
