// SPDX-License-Identifier: Apache-2.0

/** What flags stand for without `=VALUE` (pflag, NoOptDefVal): the word after such a flag is never its value. */
export const bareValues: Partial<Record<string, string>> = { 'follow-redirects': '10' };
