package dev.teal.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

@AnalyzeClasses(packages = "dev.teal.worker", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule lifeIsPlain = noClasses()
            .that()
            .resideInAPackage("dev.teal.worker.life..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("java..", "org.jspecify..", "dev.teal.protocol..", "dev.teal.worker.life..")
            .because("the rules of admission and draining must be readable and testable without a network or a model");

    @ArchTest
    static final ArchRule noCycles = slices().matching("dev.teal.worker.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a feature that can't be removed without its users is no feature");

    @ArchTest
    static final ArchRule noWallClock = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .because("how long something takes must not depend on somebody setting the clock");
}
