package dev.teal.fleet.cell;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** A demand of some thousand environments is the longest that anybody has to say. */
final class BodyLimitFilter extends OncePerRequestFilter {

    private static final long LIMIT_BYTES = 2 * 1024 * 1024;
    private static final Problem TOO_LONG = new Problem(
            HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
            "body-too-long",
            "Body too long",
            "a body may have " + LIMIT_BYTES + " bytes");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > LIMIT_BYTES) {
            TOO_LONG.write(response);
        } else {
            chain.doFilter(new Limited(request), response);
        }
    }

    /** For bodies that do not tell their length. */
    private static final class Limited extends HttpServletRequestWrapper {

        Limited(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new LimitedInput(super.getInputStream());
        }
    }

    private static final class LimitedInput extends ServletInputStream {

        private final ServletInputStream body;
        private long left = LIMIT_BYTES;

        LimitedInput(ServletInputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            return count(body.read(), 1);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = body.read(into, offset, length);
            return count(read, read);
        }

        private int count(int result, int bytes) throws IOException {
            if (result >= 0) {
                left -= bytes;
            }
            if (left < 0) {
                throw new IOException("body is longer than " + LIMIT_BYTES + " bytes");
            }
            return result;
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
