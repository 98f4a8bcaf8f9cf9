using Countersign.TestServer;

namespace Countersign.PostgreSql.Tests;

public sealed class PostgreSqlClusterTests
{
    [Fact]
    public async Task Database_Made_AnswersAndIsGoneAfterwards()
    {
        string name;
        await using (var database = PostgreSqlDatabase.Create())
        {
            name = database.Name;
            Assert.Equal(name, await database.ScalarAsync<string>("SELECT current_database()::text"));
        }

        await using var other = PostgreSqlDatabase.Create();
        Assert.Equal(0L, await other.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname = '{name}'"));
    }

    [Fact]
    public async Task Cluster_KilledAndStoppedAndStartedAgain_KeepsItsDataAndItsAddress()
    {
        await using var cluster = await TestPostgreSql.StartAsync("fsync=off");
        await using var database = new PostgreSqlDatabase(cluster.ConnectionString);
        await database.ExecuteAsync("CREATE TABLE kept (id integer)");

        await cluster.KillAsync();
        await cluster.StartAgainAsync();
        await cluster.StopAsync();
        await cluster.StartAgainAsync();
        Npgsql.NpgsqlConnection.ClearAllPools();

        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT count(*) FROM kept"));
    }
}
