using Countersign.Tokens.Settings;
using Countersign.Server.Configuration;
using Npgsql;

namespace Countersign.Server.Tests.Configuration;

public sealed class PostgreSqlAddressTests : IDisposable
{
    private const string Secret = "p;ss=w/rd %41";
    private const string Escaped = "p%3Bss%3Dw%2Frd%20%2541";
    private const string Key = "ConnectionStrings:Countersign";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("Host=db.example.com;Database=auth;Username=me;Password=\"p;ss=w/rd %41\"", 5432, "VerifyFull")]
    [InlineData("Server=db.example.com;Port=6543;Database=auth;User Id=me;Password='p;ss=w/rd %41';SSL Mode=VerifyFull", 6543, "VerifyFull")]
    [InlineData($"postgresql://me:{Escaped}@db.example.com/auth", 5432, "VerifyFull")]
    [InlineData($"postgres://me:{Escaped}@db.example.com:6543/auth?sslmode=verify-full&application_name=countersign", 6543, "VerifyFull")]
    public void TryRead_SoundConnectionString_SelectsPostgreSql(string text, int port, string sslMode)
    {
        var (settings, faults) = Read(text, ("Auth:MasterKey", Countersign.Sessions.Keys.MasterKey.Create()));

        Assert.Empty(faults);
        Assert.Null(settings!.DatabaseFile);
        Assert.Equal($"postgresql://db.example.com:{port}/auth", settings.DatabaseLabel);
        var parts = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
        Assert.Equal(
            ("db.example.com", port, "auth", "me", Secret, sslMode, "countersign"),
            (parts.Host, parts.Port, parts.Database, parts.Username, parts.Password, parts.SslMode.ToString(), parts.ApplicationName));
    }

    [Theory]
    [InlineData("Host=db:5433;Database=auth", "postgresql://db:5433/auth")]
    [InlineData("Host=one,two:5433;Port=6543;Database=auth", "postgresql://one:6543,two:5433/auth")]
    [InlineData("Host=[::1]:5433;Database=auth", "postgresql://[::1]:5433/auth")]
    public void TryRead_HostsWithPorts_AreShownWithThose(string text, string expected)
    {
        Assert.True(PostgreSqlAddress.TryRead(text, out _, out var label, out _));

        Assert.Equal(expected, label);
    }

    [Theory]
    [InlineData("Host=db;Database=auth", 2, 3, 25)]
    [InlineData("Host=db;Database=auth;Timeout=15;Command Timeout=30;Maximum Pool Size=100", 15, 30, 100)]
    [InlineData("postgresql://db/auth?connect_timeout=15", 15, 3, 25)]
    public void TryRead_WhatIsNotSaid_WaitsForNothingLong(string text, int timeout, int commandTimeout, int poolSize)
    {
        Assert.True(PostgreSqlAddress.TryRead(text, out var connectionString, out _, out _));

        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        Assert.Equal((timeout, commandTimeout, poolSize), (parts.Timeout, parts.CommandTimeout, parts.MaxPoolSize));
    }

    /// <summary>Beyond this machine the certificate is checked unless the operator says otherwise.</summary>
    [Theory]
    [InlineData("Host=db;Database=auth", "VerifyFull")]
    [InlineData("Host=10.0.0.5;Database=auth", "VerifyFull")]
    [InlineData("Host=localhost,db;Database=auth", "VerifyFull")]
    [InlineData("Host=localhost.example.com;Database=auth", "VerifyFull")]
    [InlineData("postgresql://db/auth", "VerifyFull")]
    [InlineData("Host=db;Database=auth;SSL Mode=Prefer", "Prefer")]
    [InlineData("Host=db;Database=auth;SslMode=Disable", "Disable")]
    [InlineData("Host=db;Database=auth;ssl mode=require", "Require")]
    [InlineData("postgresql://db/auth?sslmode=disable", "Disable")]
    [InlineData("postgresql://db/auth?sslmode=prefer", "Prefer")]
    [InlineData("Host=localhost;Database=auth", "Prefer")]
    [InlineData("Host=127.0.0.1,127.0.0.2;Database=auth", "Prefer")]
    [InlineData("Host=::1;Database=auth", "Prefer")]
    [InlineData("Host=[::1];Database=auth", "Prefer")]
    [InlineData("Host=localhost:5433;Database=auth", "Prefer")]
    [InlineData("Host=127.0.0.1:5433,127.0.0.1:5434;Database=auth", "Prefer")]
    [InlineData("Host=[::1]:5433;Database=auth", "Prefer")]
    [InlineData("postgresql://localhost:5433/auth", "Prefer")]
    [InlineData("postgresql://[::1]:5433/auth", "Prefer")]
    [InlineData("Host=127.0.0.1:5433,db:5434;Database=auth", "VerifyFull")]
    [InlineData("Host=localhost.example.com:5433;Database=auth", "VerifyFull")]
    [InlineData("Host=[2001:db8::1]:5433;Database=auth", "VerifyFull")]
    [InlineData("Host=db:127;Database=auth", "VerifyFull")]
    [InlineData("Host=/var/run/postgresql;Database=auth", "Prefer")]
    [InlineData("Host=@abstract;Database=auth", "Prefer")]
    public void TryRead_SslMode_ChecksTheCertificateBeyondThisMachine(string text, string sslMode)
    {
        Assert.True(PostgreSqlAddress.TryRead(text, out var connectionString, out _, out _));

        Assert.Equal(sslMode, new NpgsqlConnectionStringBuilder(connectionString).SslMode.ToString());
    }

    [Theory]
    [InlineData("Host=db.example.com;Username=me;Password=hunter2hunter2", "names no host or no database")]
    [InlineData("Host=;Database=auth;Password=hunter2hunter2", "is not a connection string of SQLite or PostgreSQL")]
    [InlineData("Host=db;Database=auth;Passwort=hunter2hunter2", "is not a connection string of PostgreSQL")]
    [InlineData("Host=db;Database=auth;Timeout=soon;Password=hunter2hunter2", "is not a connection string of PostgreSQL")]
    [InlineData("postgresql://me:hunter2hunter2@db", "names no host or no database")]
    [InlineData("postgresql://me:hunter2hunter2@db/auth?sslmod=require", "is not a connection string of PostgreSQL")]
    [InlineData("postgresql://me:hunter2hunter2@db/auth?sslmode=maybe", "is not a connection string of PostgreSQL")]
    [InlineData("postgresql://me:hunter2hunter2@one:5432,two:5432/auth", "is not a connection string of PostgreSQL")]
    [InlineData("postgresql://me:hunter2/hunter2@db/auth", "is not a connection string of PostgreSQL")]
    [InlineData("postgresql://me:12/hunter2@db/auth", "is not a connection string of PostgreSQL")]
    [InlineData("postgresql://me:12/3#hunter2@db", "is not a connection string of PostgreSQL")]
    [InlineData("hunter2hunter2", "is not a connection string of SQLite or PostgreSQL")]
    public void TryRead_FaultyConnectionString_SaysSoWithoutAWordOfIt(string text, string problem)
    {
        var (_, faults) = Read(text, ("Auth:MasterKey", Countersign.Sessions.Keys.MasterKey.Create()));

        var fault = Assert.Single(faults);
        Assert.Equal((Key, problem), (fault.Key, fault.Problem));
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_NoMasterKey_StopsTheStartOutsideDevelopmentWithTheCommandThatMakesOne()
    {
        const string Text = "Host=db;Database=auth;Password=hunter2hunter2";
        var fault = Assert.Single(Read(Text).Faults);
        Assert.Equal("Auth:MasterKey", fault.Key);
        Assert.Contains("countersign secrets new", fault.Remedy, StringComparison.Ordinal);

        var (settings, faults) = SettingsReading.Read(_directory.Path, [KeyValuePair.Create<string, string?>(Key, Text)], environment: "Development");
        Assert.Empty(faults);
        Assert.True(settings!.MasterKey.IsToBeMade);
    }

    private (ServerSettings? Settings, IReadOnlyList<SettingFault> Faults) Read(string text, params (string Key, string Value)[] more) =>
        SettingsReading.Read(_directory.Path, [KeyValuePair.Create<string, string?>(Key, text), .. more.Select(static pair => KeyValuePair.Create<string, string?>(pair.Key, pair.Value))]);
}
