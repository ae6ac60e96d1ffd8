/** The one database: waited for, migrated, and known to be there or not. */
@NullMarked
package dev.teal.platform.database;

import org.jspecify.annotations.NullMarked;
