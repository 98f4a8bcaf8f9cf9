using Countersign.StoreSpecification;

namespace Countersign.EntityFrameworkCore.Tests.Sqlite;

public sealed class SqliteSessionTests() : SessionSpecification(new SqliteDatabase());

public sealed class SqliteRotationTableTests() : RotationTableSpecification(new SqliteDatabase());

public sealed class SqliteEarlierLoginTests() : EarlierLoginSpecification(new SqliteDatabase());

public sealed class SqliteReuseTests() : ReuseSpecification(new SqliteDatabase());

public sealed class SqliteLogOutTests() : LogOutSpecification(new SqliteDatabase());

public sealed class SqliteSigningModeTests() : SigningModeSpecification(new SqliteDatabase());

public sealed class SqliteKeyTests() : KeySpecification(new SqliteDatabase());

public sealed class SqliteKeyRotationTests() : KeyRotationSpecification(new SqliteDatabase());

public sealed class SqliteKeyFaultTests() : KeyFaultSpecification(new SqliteDatabase());

public sealed class SqliteKeyRevocationTests() : KeyRevocationSpecification(new SqliteDatabase());

public sealed class SqliteSignInAttemptTests() : SignInAttemptSpecification(new SqliteDatabase());

public sealed class SqliteWriterTests() : WriterSpecification(new SqliteDatabase());

public sealed class SqliteAccountReadTests() : AccountReadSpecification(new SqliteDatabase());

public sealed class SqliteClientTests() : ClientSpecification(new SqliteDatabase());

public sealed class SqliteEveryoneTests() : EveryoneSpecification(new SqliteDatabase());

public sealed class SqliteClaimsChangeTests() : ClaimsChangeSpecification(new SqliteDatabase());

public sealed class SqliteGrowthTests() : GrowthSpecification(new SqliteDatabase());

public sealed class SqliteCleanupTests() : CleanupSpecification(new SqliteDatabase());

public sealed class SqliteOutboxTests() : OutboxSpecification(new SqliteDatabase());

public sealed class SqliteFeedTests() : FeedSpecification(new SqliteDatabase());

public sealed class SqliteFollowerTests() : FollowerSpecification(new SqliteDatabase());
