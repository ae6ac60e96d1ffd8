package dev.teal.platform.outbox;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The log as the first subscriber: the story of the control plane, line by line. */
@Component
class LogSink implements EventSink {
    private static final Logger log = LoggerFactory.getLogger(LogSink.class);

    @Override
    public void publish(OutboxRelay.OutboxEvent event) {
        log.atInfo()
                .addKeyValue("event.id", event.id())
                .addKeyValue("event.type", event.type())
                .addKeyValue("event.subject", event.subject())
                .addKeyValue("event.payload", event.payload())
                .log("Event published");
    }
}
