/** The API's description: OpenAPI, and Swagger UI that shows it. */
@NullMarked
package dev.teal.platform.openapi;

import org.jspecify.annotations.NullMarked;
