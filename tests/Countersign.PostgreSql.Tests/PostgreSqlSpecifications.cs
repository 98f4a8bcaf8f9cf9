using Countersign.StoreSpecification;

namespace Countersign.PostgreSql.Tests;

public sealed class PostgreSqlSessionTests() : SessionSpecification(new TestDatabase());

public sealed class PostgreSqlRotationTableTests() : RotationTableSpecification(new TestDatabase());

public sealed class PostgreSqlEarlierLoginTests() : EarlierLoginSpecification(new TestDatabase());

public sealed class PostgreSqlReuseTests() : ReuseSpecification(new TestDatabase());

public sealed class PostgreSqlLogOutTests() : LogOutSpecification(new TestDatabase());

public sealed class PostgreSqlSigningModeTests() : SigningModeSpecification(new TestDatabase());

public sealed class PostgreSqlKeyTests() : KeySpecification(new TestDatabase());

public sealed class PostgreSqlKeyRotationTests() : KeyRotationSpecification(new TestDatabase());

public sealed class PostgreSqlKeyFaultTests() : KeyFaultSpecification(new TestDatabase());

public sealed class PostgreSqlKeyRevocationTests() : KeyRevocationSpecification(new TestDatabase());

public sealed class PostgreSqlSignInAttemptTests() : SignInAttemptSpecification(new TestDatabase());

public sealed class PostgreSqlWriterTests() : WriterSpecification(new TestDatabase());

public sealed class PostgreSqlAccountReadTests() : AccountReadSpecification(new TestDatabase());

public sealed class PostgreSqlClientTests() : ClientSpecification(new TestDatabase());

public sealed class PostgreSqlEveryoneTests() : EveryoneSpecification(new TestDatabase());

public sealed class PostgreSqlClaimsChangeTests() : ClaimsChangeSpecification(new TestDatabase());

public sealed class PostgreSqlGrowthTests() : GrowthSpecification(new TestDatabase());

public sealed class PostgreSqlCleanupTests() : CleanupSpecification(new TestDatabase());

public sealed class PostgreSqlOutboxTests() : OutboxSpecification(new TestDatabase());

public sealed class PostgreSqlFeedTests() : FeedSpecification(new TestDatabase());

public sealed class PostgreSqlFollowerTests() : FollowerSpecification(new TestDatabase());
