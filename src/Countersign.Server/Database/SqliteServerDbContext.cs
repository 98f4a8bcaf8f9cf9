using Microsoft.EntityFrameworkCore;

namespace Countersign.Server.Database;

/// <summary>The tables on SQLite.</summary>
internal sealed class SqliteServerDbContext(DbContextOptions<SqliteServerDbContext> options) : ServerDbContext(options);
