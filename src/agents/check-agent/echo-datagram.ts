// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';

/**
 * Requests and answers begin differently, and are equally long: neither can two agents be made to answer each other for
 * ever by a datagram with a forged sender, nor does an answer carry more than what was sent.
 */
const requestMagic = Buffer.from('netmachinery-check?');
const answerMagic = Buffer.from('netmachinery-check!');
const nonceBytes = 32;

/** A datagram that agents answer. */
export function echoRequest(): Buffer {
  return Buffer.concat([requestMagic, randomBytes(nonceBytes)]);
}

/** What an agent answers to a datagram; undefined: nothing. */
export function echoAnswer(datagram: Buffer): Buffer | undefined {
  if (!datagram.subarray(0, requestMagic.length).equals(requestMagic)) return undefined;
  return Buffer.concat([answerMagic, datagram.subarray(requestMagic.length)]);
}

/** Whether a datagram is the answer to this request. */
export function isEchoAnswer(request: Buffer, datagram: Buffer): boolean {
  return echoAnswer(request)?.equals(datagram) ?? false;
}
