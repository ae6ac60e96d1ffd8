package dev.teal.worker.real;

import ai.onnxruntime.OrtException;
import dev.teal.protocol.models.PackagedModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Writes {@code src/test/resources/golden} with {@link ReferenceRuntime}: run {@code main} with that folder as its argument when a model or a
 * question changes, and with that of {@code e2e} as another, for the golden samples of the voice detector. Nothing of the worker takes part.
 */
final class GoldenOutputs {
    private final Path folder;

    private GoldenOutputs(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException, OrtException {
        GoldenOutputs outputs = new GoldenOutputs(Path.of(arguments[0]));
        outputs.sentences("all-minilm-l6-v2", "output_0");
        outputs.sentences("all-minilm-l6-v2-q", "last_hidden_state");
        outputs.speech(PackagedModel.SPEECH_V5);
        outputs.speech(PackagedModel.SPEECH_V6);
        outputs.direction();
        outputs.recognition();
        if (arguments.length > 1) {
            GoldenOutputs samples = new GoldenOutputs(Path.of(arguments[1]));
            samples.speechSamples(PackagedModel.SPEECH_V5);
            samples.speechSamples(PackagedModel.SPEECH_V6);
        }
    }

    /** A frame of silence and one of voice, each with the state that came before it, as an upload takes them. */
    private void speechSamples(PackagedModel model) throws IOException, OrtException {
        try (ReferenceRuntime reference = new ReferenceRuntime(Files.readAllBytes(model.file()))) {
            Samples samples = new Samples(reference, Set.of(10, 30));
            new Speech(samples).probabilities(Speech.audio());
            samples.write(folder.resolve(model.name() + ".samples.json"));
        }
    }

    private void sentences(String model, String output) throws IOException, OrtException {
        try (InputStream bytes = GoldenOutputs.class.getResourceAsStream("/" + model + ".onnx");
                ReferenceRuntime reference = new ReferenceRuntime(bytes.readAllBytes())) {
            Sentences sentences = new Sentences(reference, output);
            Golden golden = new Golden();
            for (String sentence : Sentences.ALL) {
                golden.put(sentence, sentences.embed(sentence));
            }
            golden.write(folder, model);
        }
    }

    private void speech(PackagedModel model) throws IOException, OrtException {
        try (ReferenceRuntime reference = new ReferenceRuntime(Files.readAllBytes(model.file()))) {
            Golden golden = new Golden();
            golden.put("probabilities", new Speech(reference).probabilities(Speech.audio()));
            golden.write(folder, model.name());
        }
    }

    private void direction() throws IOException, OrtException {
        try (ReferenceRuntime reference =
                new ReferenceRuntime(Files.readAllBytes(PackagedModel.TEXT_DIRECTION.file()))) {
            Reading reading = new Reading(reference);
            Writing upright = Writing.of("TEAL27", 192);
            Golden golden = new Golden();
            golden.put("upright", reading.direction(upright));
            golden.put("upside down", reading.direction(upright.upsideDown()));
            golden.write(folder, PackagedModel.TEXT_DIRECTION.name());
        }
    }

    private void recognition() throws IOException, OrtException {
        try (ReferenceRuntime reference =
                new ReferenceRuntime(Files.readAllBytes(PackagedModel.TEXT_RECOGNITION.file()))) {
            var characters = new Reading(reference).characters(Writing.of("TEAL27", 192));
            System.out.println("recognised: " + Reading.text(characters, PackagedModel.TEXT_CHARACTERS.file()));
        }
    }
}
