package dev.teal.platform;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

@AnalyzeClasses(packages = "dev.teal.platform", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule RULES_ARE_PURE = classes()
            .that(resideInAnyPackage("..domain.."))
            .should()
            .onlyDependOnClassesThat(
                    // A confidence bound is a function as well, and nobody should write the inverse of a beta
                    // distribution twice
                    resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "org.apache.commons.statistics..",
                            "dev.teal.protocol..",
                            "dev.teal.platform..domain.."))
            .because("rules are values and functions, tested without a container, a clock or a database");

    @ArchTest
    static final ArchRule FEATURES_FORM_NO_CYCLE = slices().matching("dev.teal.platform.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a feature that can be understood alone can be changed alone");

    @ArchTest
    static final ArchRule TIME_IS_PASSED_IN = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .because("what asks the clock by itself can't be tested with another time: inject InstantSource");
}
