/** What a person signs in with, and where, for the profile. */
export { Proofs } from './Factors';
export { Sessions } from './Sessions';
