//! The rules of the door, each as a test named for it.

mod bounds;
mod conversation;
mod door;
mod histories;
mod links;
mod pages;
mod restart;
mod signalling;
mod texts;
mod views;
mod witness;
mod world;
