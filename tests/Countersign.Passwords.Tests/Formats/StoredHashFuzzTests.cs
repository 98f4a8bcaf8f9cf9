using System.Runtime.CompilerServices;
using Countersign.Passwords.Formats;
using Countersign.Passwords.Kernel;
using Countersign.Passwords.Tests.Support;

namespace Countersign.Passwords.Tests.Formats;

/// <summary>No stored string throws. What a mutation leaves readable is compared too, unless its cost alone would fill the day.</summary>
public sealed class StoredHashFuzzTests
{
    private static readonly int Strings = Suite.Count(usual: 100_000, all: 1_000_000);

    private static readonly string[] Seeds =
    [
        "$2b$05$E0t1EmXCwN2pDRbGzYEqYeIy.Q2caEjhBWtWLrXpUBgnnwzCVPeAO",
        "$bcrypt-sha256$v=2,t=2b,r=5$gzQk54Kuyo49P1iKCI8v6O$vu6pNh.KRY5G.K/7GtPlRwNKOdTEuHu",
        "$bcrypt-sha256$2b,5$mNRAD86KGqtEqORszMzgau$ZeNYY2oR8n0u5TUfSgz9AmAUfpVodh.",
        "$pbkdf2-sha256$1$630vRWjtPef8nxOiVGrtfQ$dulZ.B2z./3F4zRf/WqdO9/RvI55KaYJ/FgD.4LzKxw",
        "pbkdf2_sha256$1$u72S2mPHaSFk$sb1S/ym5C/tQzzMv2WbGAAh3fXZ7fdpR9Q+u4jJHZUQ=",
        "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==",
        "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw",
        "",
    ];

    private const string Characters = "$$$=,./+0123456789abyvrtABZz \0\n\u00e9\u0664\ud800\uffff";

    [Fact]
    public void Verify_ManyStrings_NeverThrows()
    {
        var scheme = new PasswordScheme(new PasswordEngineOptions { LowestCost = 4, Cost = 4 }, new WorkRate(), TimeProvider.System);
        var random = new Random(20260801);
        int readable = 0;
        for (int number = 0; number < Strings; number++)
        {
            string text = Next(random);
            using var password = PasswordBytes.Of("wrong password");
            var stored = StoredHash.TryParse(text, 16);
            if (stored is null)
            {
                Assert.Equal(PasswordVerification.Failed, Verify(scheme, password, stored));
            }
            else
            {
                readable++;
                if (stored is not Pbkdf2Hash || stored.Rounds < 10)
                {
                    Assert.Equal(PasswordVerification.Failed, Verify(scheme, password, stored));
                }
            }
        }

        // Both sides of the parser were met.
        Assert.InRange(readable, Strings / 50, Strings / 2);
    }

    [Fact]
    public async Task VerifyAsync_StringsThroughTheWholeEngine_NeverThrows()
    {
        await using var engine = new PasswordEngine(new PasswordEngineOptions { LowestCost = 4, Cost = 4, MaxStoredCost = 6 }, TimeProvider.System);
        var random = new Random(7);
        for (int number = 0; number < Suite.Count(usual: 100, all: 500); number++)
        {
            string text = Next(random);
            if (StoredHash.TryParse(text, 6) is null or { Rounds: <= 64 })
            {
                Assert.Equal(PasswordVerification.Failed, await engine.VerifyAsync("wrong password", text));
            }
        }
    }

    /// <summary>
    /// Without lanes: no digest is computed, so that a million strings cost nothing. Zeroes are a digest too, but no mutation makes one of these.
    /// </summary>
    private static PasswordVerification Verify(PasswordScheme scheme, PasswordBytes password, StoredHash? stored)
    {
        var answer = new StrongBox<PasswordVerification>();
        using var steps = scheme.Verify(password, stored is null ? [] : [stored], answer);
        while (steps.MoveNext())
        {
            // Every digest stays zero.
        }

        return answer.Value;
    }

    private static string Next(Random random)
    {
        var text = Seeds[random.Next(Seeds.Length)].ToList();
        int edits = random.Next(1, 4);
        for (int edit = 0; edit < edits; edit++)
        {
            char character = random.Next(4) == 0 ? (char)random.Next(0x10000) : Characters[random.Next(Characters.Length)];
            int position = random.Next(text.Count + 1);
            switch (random.Next(5))
            {
                case 0 when position < text.Count:
                    text.RemoveAt(position);
                    break;
                case 1:
                    text.Insert(position, character);
                    break;
                case 2:
                    text.RemoveRange(position, text.Count - position);
                    break;
                case 3:
                    text.InsertRange(position, text.Take(random.Next(text.Count + 1)).ToArray());
                    break;
                default:
                    if (position < text.Count)
                    {
                        text[position] = character;
                    }

                    break;
            }
        }

        return new string([.. text]);
    }
}
