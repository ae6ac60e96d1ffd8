/** Real models, asked over the worker's socket as any client would, and answered as another runtime binding has answered before. */
package dev.teal.worker.real;
