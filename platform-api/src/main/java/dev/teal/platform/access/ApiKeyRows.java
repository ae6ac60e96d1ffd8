package dev.teal.platform.access;

import dev.teal.platform.access.domain.Role;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface ApiKeyRows extends Repository<ApiKeyRow, String> {
    Optional<ApiKeyRow> findById(String id);

    ApiKeyRow save(ApiKeyRow row);

    long count();

    List<ApiKeyRow> findByIdGreaterThanOrderById(String after, Limit limit);

    List<ApiKeyRow> findByRoleAndRevokedAtIsNullOrderById(Role role);

    /** The keys without which nobody could make keys: locked, so that two can't be revoked at once. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query(
            "from ApiKeyRow where role = dev.teal.platform.access.domain.Role.ADMIN and revokedAt is null and expiresAt is null order by id")
    List<ApiKeyRow> lockLastingAdmins();
}
