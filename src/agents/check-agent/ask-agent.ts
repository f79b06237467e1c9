// SPDX-License-Identifier: Apache-2.0
import { askPage } from '../ask-page.js';

const limitMs = 5000;

/** Asks the agent that runs in this network namespace for a page. Throws Failure(tool) where it does not answer well. */
export async function askAgent(port: number, path: string): Promise<string> {
  return (await askPage({ who: 'the agent', host: '127.0.0.1', port, path, limitMs })).toString();
}
