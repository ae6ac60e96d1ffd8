package dev.teal.protocol.cell;

import dev.teal.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A cell's state document in force: an immutable value that an update turns into the next one. It never goes back, and an entry that
 * can't be read is refused by itself: that endpoint stays as it was and the others go on.
 */
public final class CellState {
    private static final String UNREADABLE = "entry cannot be read: ";

    private final String region;
    private final long revision;
    private final SortedMap<String, Entry> entries;
    private final List<InferenceKey> inferenceKeys;

    private CellState(
            String region, long revision, SortedMap<String, Entry> entries, List<InferenceKey> inferenceKeys) {
        this.region = region;
        this.revision = revision;
        this.entries = entries;
        this.inferenceKeys = List.copyOf(inferenceKeys);
    }

    /**
     * @param sent what the control plane said last, as it said it
     * @param inForce what is served; behind {@code sent} where that was refused, null where nothing of it was ever good
     * @param refusal why {@code sent} is not in force, or null
     * @param digest of {@code sent}, kept because a checksum needs all of them at each revision
     */
    private record Entry(
            JsonNode sent,
            @Nullable EndpointState inForce,
            @Nullable RefusedEntry refusal,
            String digest) {
        Entry(JsonNode sent, @Nullable EndpointState inForce, @Nullable RefusedEntry refusal) {
            this(sent, inForce, refusal, Digests.of(canonical(sent)));
        }
    }

    public static CellState empty(String region) {
        return new CellState(region, 0, new TreeMap<>(), List.of());
    }

    /**
     * The state after an update. A stale one, or one of another region, changes nothing.
     *
     * @throws StateGap if the update builds on another revision, or its checksum shows that something was lost; ask for the whole
     */
    public CellState apply(StateUpdate update) throws StateGap {
        if (!update.region().equals(region)) {
            throw new IllegalArgumentException("this cell is " + region + ", the update is for " + update.region());
        }
        if (update.revision() < revision || (update.revision() == revision && !update.whole())) {
            return this;
        }
        if (!update.whole() && update.after() != revision) {
            throw new StateGap("update builds on revision " + update.after() + ", in force is " + revision);
        }
        CellState state =
                with(update.revision(), update.endpoints(), update.removed(), update.inferenceKeys(), update.whole());
        if (!state.checksum().equals(update.checksum())) {
            throw new StateGap("checksum of revision " + update.revision() + " differs from the control plane's");
        }
        return state;
    }

    /**
     * The control plane's side: the state after a change that it makes itself, so that it can tell the checksum of what it sends.
     *
     * @param endpoints what changed, as it will be sent
     */
    public CellState change(long newRevision, List<JsonNode> endpoints, List<String> removed, List<InferenceKey> keys) {
        return with(newRevision, endpoints, removed, keys, false);
    }

    private CellState with(
            long newRevision, List<JsonNode> endpoints, List<String> removed, List<InferenceKey> keys, boolean whole) {
        SortedMap<String, Entry> next = whole ? new TreeMap<>() : new TreeMap<>(entries);
        removed.forEach(next::remove);
        for (JsonNode sent : endpoints) {
            next.put(nameOf(sent), read(sent));
        }
        return new CellState(region, newRevision, next, keys);
    }

    private Entry read(JsonNode sent) {
        String name = nameOf(sent);
        Entry before = entries.get(name);
        EndpointState inForce = before == null ? null : before.inForce();
        try {
            EndpointState state = Json.MAPPER.treeToValue(sent, EndpointState.class);
            if (inForce != null && state.generation() < inForce.generation()) {
                return refuse(
                        sent,
                        inForce,
                        "generation " + state.generation() + " is older than " + inForce.generation() + ", in force");
            }
            return new Entry(sent, state, null);
        } catch (JacksonException e) {
            Throwable cause = e.getCause();
            return refuse(sent, inForce, UNREADABLE + (cause == null ? e.getOriginalMessage() : cause.getMessage()));
        }
    }

    private static Entry refuse(JsonNode sent, @Nullable EndpointState inForce, String reason) {
        return new Entry(
                sent,
                inForce,
                new RefusedEntry(nameOf(sent), sent.path("generation").asLong(0), reason));
    }

    private static String nameOf(JsonNode sent) {
        return sent.path("name").asString("");
    }

    public String region() {
        return region;
    }

    public long revision() {
        return revision;
    }

    public List<InferenceKey> inferenceKeys() {
        return inferenceKeys;
    }

    public Optional<EndpointState> endpoint(String name) {
        return Optional.ofNullable(entries.get(name)).map(Entry::inForce);
    }

    public List<EndpointState> endpoints() {
        List<EndpointState> endpoints = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.inForce() != null) {
                endpoints.add(entry.inForce());
            }
        }
        return endpoints;
    }

    public List<RefusedEntry> refused() {
        List<RefusedEntry> refused = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.refusal() != null) {
                refused.add(entry.refusal());
            }
        }
        return refused;
    }

    /** SHA-256 over all entries as sent, sorted by name, and the keys; refused entries count as sent, so both sides agree. */
    public String checksum() {
        StringBuilder all = new StringBuilder();
        entries.forEach((name, entry) ->
                all.append(name).append(' ').append(entry.digest()).append('\n'));
        inferenceKeys.stream()
                .map(key -> key.id() + ' ' + key.secretDigest() + ' ' + key.expiresAt())
                .sorted()
                .forEach(line -> all.append(line).append('\n'));
        return Digests.of(all.toString());
    }

    /** What is in force where the last word was refused: a member that restarts must not lose it. */
    List<EndpointState> kept() {
        List<EndpointState> kept = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.refusal() != null && entry.inForce() != null) {
                kept.add(entry.inForce());
            }
        }
        return kept;
    }

    /** The state as it was saved. @throws StateGap if it is damaged */
    static CellState resume(String region, StateUpdate whole, List<EndpointState> kept) throws StateGap {
        SortedMap<String, Entry> before = new TreeMap<>();
        for (EndpointState endpoint : kept) {
            before.put(endpoint.name(), new Entry(Json.MAPPER.valueToTree(endpoint), endpoint, null));
        }
        return new CellState(region, 0, before, List.of()).apply(whole);
    }

    /** The whole as one update: what is written to disk, and what the control plane sends to a cell that asks for everything. */
    public StateUpdate whole() {
        return new StateUpdate(
                region,
                0,
                revision,
                checksum(),
                entries.values().stream().map(Entry::sent).toList(),
                List.of(),
                inferenceKeys);
    }

    /** JSON with sorted fields, so that equal content has equal bytes whoever wrote it. */
    private static String canonical(JsonNode node) {
        return sorted(node).toString();
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isObject()) {
            ObjectNode sorted = Json.MAPPER.createObjectNode();
            Map<String, JsonNode> fields = new TreeMap<>();
            node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
            fields.forEach(sorted::set);
            return sorted;
        }
        if (node.isArray()) {
            var array = Json.MAPPER.createArrayNode();
            node.forEach(element -> array.add(sorted(element)));
            return array;
        }
        return node;
    }
}
