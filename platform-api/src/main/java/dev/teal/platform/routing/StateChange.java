package dev.teal.platform.routing;

import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.InferenceKey;
import java.util.List;

/** What one region's rows say has changed after a revision, from one snapshot of the database. */
record StateChange(long revision, List<EndpointState> endpoints, List<String> removed, List<InferenceKey> keys) {}
