package dev.teal.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api;
import dev.teal.platform.registry.Models.Form;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An upload that is refused is told why, and leaves nothing. */
class RefusedUploadTest extends SmallRegistry {
    @ParameterizedTest
    @CsvSource({
        "fraud-detection/bad/corrupt.onnx,                NOT_AN_ONNX_MODEL, damaged or end too early",
        "product-categorization/bad/corrupt.onnx,         NOT_AN_ONNX_MODEL, damaged or end too early",
        "fraud-detection/bad/external-data.onnx,          EXTERNAL_DATA,     outside of its file",
        "product-categorization/bad/external-data.onnx,   EXTERNAL_DATA,     outside of its file",
        "fraud-detection/request.json,                    NOT_AN_ONNX_MODEL, not a usable ONNX model",
        "README.md,                                       NOT_AN_ONNX_MODEL, not a usable ONNX model"
    })
    void givenABadArtifactItIsRefusedAndNothingStaysBehind(String file, String code, String words) {
        String model = Models.create(admin);
        List<Path> before = files();

        Api.Answer answer = new Form().part("artifact", Models.bytes(file)).upload(admin, model);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.json().get("detail").asString()).contains(words);
        assertThat(files()).isEqualTo(before);
        assertThat(admin.get("/api/v1/models/" + model + "/versions")
                        .json()
                        .get("items")
                        .isEmpty())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            fraud-detection/bad/incompatible.samples.json | sample 1
            product-categorization/v1.samples.json        | sample 1
            README.md                                     | JSON
            fraud-detection/request.json                  | array
            """)
    void givenSamplesThatAreNotOfThisModelTheUploadIsRefused(String file, String words) {
        String model = Models.create(admin);
        List<Path> before = files();

        Api.Answer answer = new Form()
                .part("artifact", Models.bytes("fraud-detection/v1.onnx"))
                .part("samples", Models.bytes(file))
                .upload(admin, model);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("INVALID_SAMPLES");
        assertThat(answer.json().get("detail").asString()).contains(words);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void givenAnUploadAboveTheLimitItIsRefusedWithTheLimit() {
        String model = Models.create(admin);
        List<Path> before = files();

        Api.Answer artifact = new Form().part("artifact", new byte[3 << 20]).upload(admin, model);
        Api.Answer samples = new Form().part("samples", new byte[200 << 10]).upload(admin, model);
        Api.Answer metadata = new Form().part("metadata", " ".repeat(70_000)).upload(admin, model);

        assertThat(artifact.status()).isEqualTo(413);
        assertThat(artifact.json().get("limitBytes").asLong()).isEqualTo(1 << 20);
        assertThat(samples.json().get("part").asString()).isEqualTo("samples");
        assertThat(metadata.status()).isEqualTo(413);
        assertThat(files()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"version": "-1"}                     | 422 | INVALID_VALUE  | 'version' must be
            {"version": ""}                       | 422 | INVALID_VALUE  | 'version' must be
            {"version": 1}                        | 400 | WRONG_TYPE     | 'version' must be a text
            {"verison": "1"}                      | 400 | UNKNOWN_FIELD  | 'verison' is unknown here; the fields are description, labels, version
            {"labels": {"a b": "c"}}              | 422 | INVALID_VALUE  | label's name
            {"labels": ["a"]}                     | 400 | WRONG_TYPE     | 'labels' must be an object
            {"labels": {"a": null}}               | 422 | INVALID_VALUE  | label 'a' must be a text
            {"version": "1", "version": "2"}      | 400 | MALFORMED_JSON | can't be read as JSON
            [                                     | 400 | MALFORMED_JSON | can't be read as JSON
            []                                    | 400 | WRONG_TYPE     | must be an object
            """)
    void givenBadMetadataTheAnswerNamesTheField(String metadata, int status, String code, String words) {
        String model = Models.create(admin);

        Api.Answer answer = new Form()
                .part("artifact", Models.bytes("fraud-detection/v1.onnx"))
                .part("metadata", metadata)
                .upload(admin, model);

        assertThat(answer.json().get("detail").asString()).contains(words);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
    }

    @Test
    void givenMissingOrUnknownPartsTheAnswerNamesThem() {
        String model = Models.create(admin);

        assertThat(new Form()
                        .part("metadata", "{}")
                        .upload(admin, model)
                        .json()
                        .get("detail")
                        .asString())
                .contains("part 'artifact' is missing");
        assertThat(new Form().part("artifact", new byte[0]).upload(admin, model).code())
                .isEqualTo("BROKEN_UPLOAD");
        assertThat(new Form().part("model", "x").upload(admin, model).code()).isEqualTo("UNKNOWN_PART");
        assertThat(new Form()
                        .part("metadata", "{}")
                        .part("metadata", "{}")
                        .upload(admin, model)
                        .code())
                .isEqualTo("UNKNOWN_PART");
        assertThat(admin.post("/api/v1/models/" + model + "/versions", "{}").status())
                .isEqualTo(415);
        assertThat(new Form().part("artifact", "x").upload(admin, "nowhere").code())
                .isEqualTo("UNKNOWN_MODEL");
    }
}
