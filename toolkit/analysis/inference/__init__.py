"""One estimand for effect, interval and p: strata, effects, permutation, bootstrap."""
