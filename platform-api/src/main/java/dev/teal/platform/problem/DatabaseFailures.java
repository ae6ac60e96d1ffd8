package dev.teal.platform.problem;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells a database that is away, slow or full from a mistake of ours. */
public final class DatabaseFailures {
    /** By class: connection lost, transaction rolled back (deadlock), no room or connections left, stopped by an operator or a time limit. */
    private static final Set<String> PASSING_CLASSES = Set.of("08", "40", "53", "57");
    /** Lock not available in time; read-only server; table not there yet, because migrations have not run. */
    private static final Set<String> PASSING_STATES = Set.of("55P03", "25006", "42P01");

    private DatabaseFailures() {}

    /** Whether the same call may succeed later. */
    public static boolean isAway(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return isPassing(sql.getSQLState());
            }
            if (cause instanceof TransientDataAccessException
                    || cause instanceof RecoverableDataAccessException
                    || cause instanceof DataAccessResourceFailureException
                    || cause instanceof CannotCreateTransactionException) {
                return true;
            }
        }
        return false;
    }

    /** Two transactions were in each other's way; nothing of this one is left, so it can run again at once. */
    public static boolean isCollision(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return "40001".equals(sql.getSQLState()) || "40P01".equals(sql.getSQLState());
            }
        }
        return false;
    }

    private static boolean isPassing(@Nullable String state) {
        // The pool's own time limit comes without a state
        return state == null || PASSING_CLASSES.contains(state.substring(0, 2)) || PASSING_STATES.contains(state);
    }
}
