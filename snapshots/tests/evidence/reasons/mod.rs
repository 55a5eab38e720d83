//! The two laws of reasons. Necessity: what could change a decided answer is among its reasons. Relevance: what is
//! among them was read, on the day it names, with the value it shows.

mod generated;
mod necessity;
mod relevance;
mod subject;
