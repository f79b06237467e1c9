// SPDX-License-Identifier: Apache-2.0

/** Who owns our fields of what we apply (`managedFields`). */
export const fieldManager = 'netmachinery';
