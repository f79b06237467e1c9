// SPDX-License-Identifier: Apache-2.0

/** What is to be done to packets, as the user's words for each. */
export interface EffectWords {
  delay?: string | undefined;
  jitter?: string | undefined;
  correlation?: string | undefined;
  distribution?: string | undefined;
  /** `PERCENT`, `gemodel:P[,R[,1-H[,1-K]]]` or `state:P13[,P31[,P32[,P23[,P14]]]]`. */
  loss?: string | undefined;
  lossCorrelation?: string | undefined;
  duplicate?: string | undefined;
  duplicateCorrelation?: string | undefined;
  corrupt?: string | undefined;
  corruptCorrelation?: string | undefined;
  reorder?: string | undefined;
  reorderCorrelation?: string | undefined;
  gap?: string | undefined;
  rate?: string | undefined;
  limit?: string | undefined;
  /** `MIN[-MAX][,packets=N][,bytes=N]`. */
  slot?: string | undefined;
  partition?: boolean | undefined;
}
