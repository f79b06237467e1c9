// SPDX-License-Identifier: Apache-2.0

/**
 * The closed list of reasons a result may carry. Grouped by what they say; a reader of the JSON may rely on the words.
 */
export const reasons = [
  // The destination was reached.
  'EchoReply',
  'Connected',
  'Answered',
  'Delivered',
  'Resolved',
  'Responded',
  'PathMtuFound',
  'Arrived',
  // The network, or the destination, said no.
  'Refused',
  'HostUnreachable',
  'NetworkUnreachable',
  'Prohibited',
  'TimeExceeded',
  'MessageTooLong',
  'NameNotFound',
  'TlsFailed',
  // It answered, but not what was asked for.
  'DnsError',
  'NoSuchRecord',
  'UnexpectedAnswer',
  'UnexpectedStatus',
  'UnexpectedBody',
  'HttpFailed',
  'MtuTooSmall',
  'BlackHole',
  'ExpectationNotMet',
  // Nothing was heard.
  'NoReply',
  'TimedOut',
  'Silent',
  // Some attempts reached it and some did not.
  'PacketLoss',
  'SomeAttemptsFailed',
  // There was nothing to send to.
  'NoEndpoints',
  'NoAddress',
  // Nothing can be concluded.
  'NoPositiveControl',
  'SourceVanished',
  'DestinationVanished',
  'NotShaped',
  // It cannot be done here.
  'PingNotPermitted',
  'PodSecurityDenied',
  'StaticPod',
  'WindowsPod',
  'PodNotRunning',
  'NotSupported',
  // The tool or the cluster failed.
  'ToolMissing',
  'ToolFailed',
  'ToolContainerFailed',
  'ImageNotPulled',
  'ConnectionLost',
  'DeadlineExceeded',
  'Forbidden',
  'Interrupted',
  'ClusterFailed',
] as const;

export type Reason = (typeof reasons)[number];
