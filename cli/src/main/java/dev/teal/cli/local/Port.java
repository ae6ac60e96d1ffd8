package dev.teal.cli.local;

import java.util.Locale;

/** A port of 127.0.0.1 that Teal listens on. The public ones are what users type; the others are between the parts. */
enum Port {
    API(8080, true, "the API and Swagger UI"),
    INFERENCE(8000, true, "inference"),
    INFERENCE_GRPC(8001, true, "inference by gRPC"),
    FLEET(8010, false, "the fleet"),
    API_MANAGEMENT(9080, false, "the management of platform-api"),
    GATEWAY_MANAGEMENT(9000, false, "the management of the gateway"),
    FLEET_MANAGEMENT(9010, false, "the management of the fleet"),
    POSTGRES(54320, false, "PostgreSQL");

    private final int usual;
    private final boolean known;
    private final String purpose;

    Port(int usual, boolean known, String purpose) {
        this.usual = usual;
        this.known = known;
        this.purpose = purpose;
    }

    int usual() {
        return usual;
    }

    /** Whether people and clients know it, so that it must not move by itself. */
    boolean isPublic() {
        return known;
    }

    String purpose() {
        return purpose;
    }

    String flag() {
        return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-') + "-port";
    }

    String variable() {
        return "TEAL_" + name() + "_PORT";
    }
}
