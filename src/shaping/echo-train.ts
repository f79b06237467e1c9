// SPDX-License-Identifier: Apache-2.0
import { destinationWord, type ProbeDestination, type RemoteCommand } from '../probes/probe.js';
import { compactScript } from '../probes/remote-script.js';
import findTool from '../probes/remote/find-tool.sh';
import trainProgram from './remote/echo-train.sh';

/** Echo requests, so many under way at a time that a queue stands before whatever limits their rate. */
export interface EchoTrain {
  destination: ProbeDestination;
  /** Of each packet, with its headers as the shaped interface counts them. */
  packetBytes: number;
  /** Answers to wait for. */
  count: number;
  /** Requests without an answer at a time. */
  window: number;
  /** Answers that a token bucket may let pass at once; they are waited for beforehand. */
  warmUp: number;
  /** Of the path, delay included. */
  roundTripMs: number;
  /** What it should take at most. */
  goodMs: number;
}

/** Ethernet and ICMP; IP comes to it. */
const headerBytes = 14 + 8;
/** The most that every link carries unfragmented: IPv6 demands 1280 bytes (RFC 8200 section 5). */
const mostPacketBytes = 1280 + 14;
const leastPacketBytes = 106;
/** One packet should not take longer than this, and a train should last so long. */
const packetSeconds = 0.05;
const trainSeconds = 1;
const mostSeconds = 2;
const mostTrains = 4;
const mostPackets = 20_000;
/** So much is to wait in the queue, to bridge short pauses; more than this at once, and ping's own socket overflows. */
const queueSeconds = 0.08;
const mostQueued = 80;
/** The bucket of a tbf of ours holds 16 KiB, or what passes in 0.5 ms. */
const bucketBytes = 16_384;
const bucketSeconds = 0.0005;

/**
 * A train that is faster than `rate` (bit/s), on a path with a round trip of so many ms; repeated if it does not get
 * through at `good` times the rate.
 */
export function trainFor(
  destination: ProbeDestination,
  { rate, roundTripMs, good }: { rate: number; roundTripMs: number; good: number },
): EchoTrain {
  const bytes = Math.floor((rate * packetSeconds) / 8);
  const packetBytes = Math.max(leastPacketBytes, Math.min(mostPacketBytes, bytes));
  const perSecond = rate / (8 * packetBytes);
  const bucket = Math.max(bucketBytes, (rate * bucketSeconds) / 8);
  const count = Math.min(mostPackets, Math.ceil(Math.max(20, perSecond * trainSeconds)));
  return {
    destination,
    packetBytes,
    count,
    window: Math.ceil(Math.min(mostQueued, 8 + perSecond * queueSeconds) + (1.5 * perSecond * roundTripMs) / 1000),
    warmUp: Math.ceil((1.5 * bucket) / packetBytes),
    roundTripMs,
    goodMs: Math.ceil((1000 * count) / perSecond / good + roundTripMs),
  };
}

/** Ends within nine seconds and ten round trips, usually within two. */
export function trainCommand(train: EchoTrain): RemoteCommand {
  const { destination, packetBytes, count, window, warmUp, roundTripMs, goodMs } = train;
  const payload = packetBytes - headerBytes - (destination.family === 4 ? 20 : 40);
  const waitSeconds = Math.ceil((2 * roundTripMs) / 1000);
  const limits = [warmUp, 1 + waitSeconds, mostTrains, count, mostSeconds + waitSeconds, goodMs];
  // -i 0: no pause, with never more than -l without an answer.
  const options = `-${destination.family} -n -q -i 0 -l ${window} -s ${payload} --`;
  return {
    argv: [
      'sh',
      '-c',
      compactScript(findTool + trainProgram),
      'netmachinery-train',
      ...limits.map(String),
      ...options.split(' '),
      destinationWord(destination),
    ],
    limitMs: (1 + mostTrains * mostSeconds + 5 * waitSeconds + 5) * 1000,
  };
}

const counts = /^\d+ packets transmitted, (\d+) received,(?: \+(\d+) duplicates,)?.* time (\d+)ms$/gm;
const times = /^rtt min\/avg\/max\/mdev = (\d+(?:\.\d+)?)\//gm;
const leastAnswers = 8;

/**
 * The rate in bit/s at which the answers of the best train came in, by ping's output; undefined for too few of them. Its
 * first answer came after one round trip, the others one after another behind it.
 */
export function trainRate(output: string, { packetBytes }: EchoTrain): number | undefined {
  const least = [...output.matchAll(times)].map(([, ms = '0']) => Number(ms));
  const rates = [...output.matchAll(counts)].flatMap(([, received, duplicates = '0', total], train) => {
    const answers = Number(received) + Number(duplicates);
    const ms = Math.max(1, Number(total) - (least[train] ?? 0));
    return answers < leastAnswers ? [] : [((answers - 1) * packetBytes * 8 * 1000) / ms];
  });
  return rates.length === 0 ? undefined : Math.max(...rates);
}
