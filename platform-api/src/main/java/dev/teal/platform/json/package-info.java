/** How JSON is read and written here. */
@NullMarked
package dev.teal.platform.json;

import org.jspecify.annotations.NullMarked;
