// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"net"
)

// largestDatagram is the most that a UDP length field can say (RFC 768), so that no datagram is cut.
const largestDatagram = 65535

func echoTCP(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer connection.Close()
			io.Copy(connection, connection)
		}()
	}
}

func echoUDP(address string) error {
	return eachDatagram(address, func(socket net.PacketConn, payload []byte, sender net.Addr) {
		// A sender that is gone makes this fail; that is no reason to stop serving others.
		socket.WriteTo(payload, sender)
	})
}

func sinkUDP(address string) error {
	return eachDatagram(address, func(net.PacketConn, []byte, net.Addr) {})
}

func eachDatagram(address string, handle func(socket net.PacketConn, payload []byte, sender net.Addr)) error {
	socket, err := net.ListenPacket("udp", address)
	if err != nil {
		return err
	}
	buffer := make([]byte, largestDatagram)
	for {
		length, sender, err := socket.ReadFrom(buffer)
		if err != nil {
			return err
		}
		handle(socket, buffer[:length], sender)
	}
}
