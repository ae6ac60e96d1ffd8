package dev.teal.platform.openapi;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Who opens the bare address wants to see something. */
@Hidden
@Controller
class FrontDoor {
    @GetMapping("/")
    String welcome() {
        return "redirect:/swagger-ui.html";
    }
}
