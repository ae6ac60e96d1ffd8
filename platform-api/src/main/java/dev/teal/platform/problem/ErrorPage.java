package dev.teal.platform.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** The container's own errors, such as a request that it could not read, in the same form as all others. */
@Controller
class ErrorPage implements ErrorController {
    private final ProblemWriter writer;

    ErrorPage(ProblemWriter writer) {
        this.writer = writer;
    }

    @RequestMapping("${server.error.path:/error}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 404;
        writer.write(
                switch (status) {
                    case 404 -> Problems.unknownPath();
                    case 413 -> Problems.tooLarge(0);
                    default ->
                        status < 500
                                ? Problem.of(
                                        status,
                                        "malformed-request",
                                        "The request can't be read",
                                        "The request has a form that is not accepted.")
                                : Problems.internal();
                },
                response);
    }
}
