package dev.teal.fleet.scale;

import dev.teal.protocol.cell.Demand;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class DemandController {

    private final DemandBook book;

    DemandController(DemandBook book) {
        this.book = book;
    }

    @PutMapping("/fleet/v1/demand")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void demand(@RequestBody Demand demand) {
        book.hear(demand);
    }
}
