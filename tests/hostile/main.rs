//! What people would try against Sidelight, one runnable check for each way, each with a control that turns it red.
//! `docs/security-tests.md` lists them all with their results, those among them that stand beside what they test.

mod listed;
mod stolen;
