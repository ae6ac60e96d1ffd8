package dev.teal.platform.routing;

import dev.teal.platform.database.DatabaseState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Keeps {@link Routing} at the database's revision: at once after a commit of this program, soon after one of another instance (by
 * notification), and each second anyway, because notifications get lost when a connection drops.
 */
@Component
class StateRefresher implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(StateRefresher.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration LISTEN_FOR = Duration.ofSeconds(2);

    private final Routing routing;
    private final DataSource dataSource;
    private final DatabaseState state;
    private volatile boolean running;
    private volatile Thread refresher = Thread.currentThread();
    private volatile Thread listener = Thread.currentThread();

    StateRefresher(Routing routing, DataSource dataSource, DatabaseState state) {
        this.routing = routing;
        this.dataSource = dataSource;
        this.state = state;
    }

    @Override
    public void start() {
        running = true;
        refresher = Thread.ofVirtual().name("state-refresher").start(this::refresh);
        listener = Thread.ofVirtual().name("state-listener").start(this::listen);
    }

    private void refresh() {
        while (running) {
            try {
                routing.wake().await(POLL);
            } catch (InterruptedException e) {
                return;
            }
            state.whileUp("state document", routing::refresh);
        }
    }

    private void listen() {
        while (running) {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(true);
                statement.execute("listen " + Routing.CHANNEL);
                PGConnection notified = connection.unwrap(PGConnection.class);
                while (running) {
                    var notifications = notified.getNotifications((int) LISTEN_FOR.toMillis());
                    if (notifications != null && notifications.length > 0) {
                        routing.wake().now();
                    }
                }
            } catch (SQLException e) {
                log.atDebug().addKeyValue("reason", e.getMessage()).log("Not listening for revisions, polling goes on");
                try {
                    Thread.sleep(POLL);
                } catch (InterruptedException stopped) {
                    return;
                }
            }
        }
    }

    @Override
    public void stop() {
        running = false;
        refresher.interrupt();
        listener.interrupt();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
