using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Countersign.Harness;
using Microsoft.Data.Sqlite;

namespace Countersign.LoadGenerator;

/// <summary>
/// Measures how long a refused login takes, for every reason. The classes take turns, so that a temporary disturbance affects all. No class may be recognisable
/// by its median. A blocked attempt is not a class of this table: it gets 429 before anything is compared, for every name.
/// </summary>
internal sealed class LoginTiming(Arguments arguments, TextWriter output)
{
    /// <summary>The allowed difference of a median, as a share of a hash's time.</summary>
    private const double Allowed = 0.02;

    /// <summary>Number of rounds after which the counted attempts are deleted: before any account is blocked for this network.</summary>
    private const int RoundsBetweenResets = 5;

    private const string Reference = "wrong password";
    private const string Known = "known network";
    private const string Wrong = "not the password";

    /// <summary>A class: the change of its account (SQL after UPDATE AspNetUsers), and the sent login.</summary>
    private static readonly (string Name, string? Update, string Password)[] Classes =
    [
        (Reference, null, Wrong),
        ("unknown user", null, Wrong),
        ("locked by an administrator", "LockoutEnd = '9999-01-01 00:00:00+00:00', LockoutEnabled = 1", Wrong),
        (Known, null, Wrong),
        ("deactivated", "IsActive = 0", Wrong),
        ("no password", "PasswordHash = NULL", Wrong),
        ("unreadable hash", "PasswordHash = 'nonsense'", Wrong),
        ("old cost (bcrypt 10)", "PasswordHash = '$2b$10$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC'", Wrong),
        ("cheaper: Argon2id, 256 KiB", "PasswordHash = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'", Wrong),
        ("cheaper: PBKDF2, 1000 times", "PasswordHash = 'pbkdf2_sha256$1000$u72S2mPHaSFk$sb1S/ym5C/tQzzMv2WbGAAh3fXZ7fdpR9Q+u4jJHZUQ='", Wrong),
        ("73 bytes", null, new string('w', 73)),
        ("4,096 bytes", null, new string('w', 4096)),
    ];

    private static readonly int Unknown = Array.FindIndex(Classes, static row => row.Name == "unknown user");

    /// <summary>Measures, prints the table, and returns it as JSON.</summary>
    public async Task<string> RunAsync()
    {
        using var client = new Client(arguments.Address, TimeSpan.FromSeconds(30));
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = arguments.Database, Pooling = false }.ToString());
        await database.OpenAsync();
        await PrepareAsync(client, database);

        var times = Classes.Select(_ => new List<double>()).ToArray();
        for (int round = -RoundsBetweenResets; round < arguments.Samples; round++)
        {
            if (round % RoundsBetweenResets == 0)
            {
                await ResetAsync(database);
            }

            for (int index = 0; index < Classes.Length; index++)
            {
                // Another order in each round, so that no class always follows the same one.
                int turn = (index + Math.Abs(round)) % Classes.Length;
                var (status, took) = await client.TimeLogInAsync(turn == Unknown ? "nobody@example.com" : Client.Email(turn), Classes[turn].Password);
                if (status != HttpStatusCode.BadRequest)
                {
                    throw new InvalidOperationException($"{Classes[turn].Name}: {(int)status} instead of 400.");
                }

                if (round >= 0)
                {
                    times[turn].Add(took.TotalMilliseconds);
                }
            }
        }

        return Report(times);
    }

    private static async Task PrepareAsync(Client client, SqliteConnection database)
    {
        for (int index = 0; index < Classes.Length; index++)
        {
            if (index == Unknown)
            {
                continue;
            }

            await client.RegisterAsync(index);
            if (Classes[index].Name == Known)
            {
                await client.LogInAsync(index);
            }

            if (Classes[index].Update is { } update)
            {
                await ExecuteAsync(database, $"UPDATE AspNetUsers SET {update} WHERE Email = '{Client.Email(index)}'");
            }
        }
    }

    private static Task ResetAsync(SqliteConnection database) => ExecuteAsync(database, "DELETE FROM countersign_sign_in_attempts");

    private static async Task ExecuteAsync(SqliteConnection database, string statement)
    {
        await using var command = database.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }

    private string Report(List<double>[] times)
    {
        double reference = Statistics.Median(times[Array.FindIndex(Classes, static row => row.Name == Reference)]);
        double worst = 0;
        var classes = new JsonObject();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"class",-30}{"median",12}{"difference",14}"));
        for (int index = 0; index < Classes.Length; index++)
        {
            double median = Statistics.Median(times[index]);
            double difference = (median - reference) / reference;
            worst = Math.Max(worst, Math.Abs(difference));
            classes[Classes[index].Name] = Math.Round(median, 3);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Classes[index].Name,-30}{median,9:F2} ms{100 * difference,12:F2} %"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{arguments.Samples} logins of each; largest difference {100 * worst:F2} %, {(worst <= Allowed ? "within" : "BEYOND")} the " +
            $"{100 * Allowed:F0} % allowed"));
        return new JsonArray(
            new JsonObject { ["name"] = "login-timing", ["largest_difference"] = Math.Round(worst, 5), ["median_ms"] = classes }).ToJsonString()
            + "\n";
    }
}
