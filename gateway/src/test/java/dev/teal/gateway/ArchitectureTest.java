package dev.teal.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

@AnalyzeClasses(packages = "dev.teal.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule domainIsPlain = classes()
            .that()
            .resideInAPackage("..domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "dev.teal.protocol..", "..domain..")
            .because("rules are values and functions that run without a framework");

    @ArchTest
    static final ArchRule featuresFormNoCycle = slices().matching("dev.teal.gateway.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a feature is removed by removing its folder");

    @ArchTest
    static final ArchRule timeIsPassedIn =
            noClasses().should().callMethod(Instant.class, "now").because("a test must be able to say what time it is");
}
