// SPDX-License-Identifier: Apache-2.0

/**
 * What Kubernetes appends to the names that it makes up: five characters of its own alphabet (no vowels, no 0, 1, 3;
 * k8s.io/apimachinery, util/rand), after a ReplicaSet's hash of the pod template, which has even fewer (SafeEncodeString
 * of a decimal number), or after a CronJob's time in minutes.
 */
const madeUp = /(?:-[4-9b-df]{6,10}|-\d{8})?-[bcdfghj-np-tv-xz24-9]{5}$/;

/**
 * The part of a pod's name that outlives the pod: `web` of `web-845ddc48dd-rxlk5`. Names of a StatefulSet's pods and of
 * single pods stay as they are. A name that only looks made up is shortened as well; nothing may rely on the difference.
 */
export function podStem(name: string): string {
  return name.replace(madeUp, '') || name;
}
