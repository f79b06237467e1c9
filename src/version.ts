// SPDX-License-Identifier: Apache-2.0

/** This release, without a leading `v`; equal to package.json's (under test). */
export const version = '0.1.0';
