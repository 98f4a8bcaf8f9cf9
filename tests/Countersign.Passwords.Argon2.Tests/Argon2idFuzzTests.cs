using Countersign.Passwords.Argon2.Tests.Support;

namespace Countersign.Passwords.Argon2.Tests;

/// <summary>No stored string throws. What a mutation leaves readable and cheap is compared too.</summary>
public sealed class Argon2idFuzzTests
{
    private static readonly int Strings = Suite.Count(usual: 100_000, all: 1_000_000);
    private const int CheapKibibytes = 64;
    private const string Characters = "$$$=,,mtpv/+0123456789ABZabyz \0\n\u00e9\u0664\ud800\uffff";

    private static readonly string[] Seeds =
    [
        Stored.Cheap,
        Stored.With("m=8,t=1,p=1"),
        Stored.With("m=64,t=1,p=8"),
        Stored.With("m=65536,t=3,p=4"),
        "$argon2id$v=19$m=16,t=2,p=2,keyid=AAAA,data=AAAA$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg",
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    ];

    [Fact]
    public void TryParse_ManyStrings_NeverThrowsAndNeverExceedsALimit()
    {
        var limits = new Argon2idOptions();
        var scheme = new Argon2idFormat();
        var random = new Random(20261122);
        int readable = 0, compared = 0;
        for (int number = 0; number < Strings; number++)
        {
            string text = Next(random);
            if (!scheme.TryParse(text, out var hash))
            {
                continue;
            }

            readable++;
            var parameters = Argon2idParameters.TryParse(text)!;
            Assert.True(limits.Allows(parameters), text);

            // Every readable string is in its only spelling.
            Assert.Equal(text, Write(parameters));
            if (parameters.WorkKibibytes <= CheapKibibytes && compared < 500)
            {
                compared++;
                Assert.False(hash.Matches("wrong password"u8), text);
            }
        }

        // Both sides of the parser were met, and the computation.
        Assert.InRange(readable, Strings / 50, Strings / 2);
        Assert.InRange(compared, 500, 500);
    }

    [Fact]
    public async Task VerifyAsync_StringsThroughTheWholeEngine_NeverThrows()
    {
        var scheme = new Argon2idFormat(new Argon2idOptions { MaxWorkKibibytes = CheapKibibytes });
        await using var engine = new PasswordEngine(
            new PasswordEngineOptions { LowestCost = 4, Cost = 4, AdditionalFormats = { scheme } }, TimeProvider.System);
        var random = new Random(7);
        for (int number = 0; number < Suite.Count(usual: 100, all: 1000); number++)
        {
            Assert.Equal(PasswordVerification.Failed, await engine.VerifyAsync("wrong password", Next(random)));
        }
    }

    private static string Write(Argon2idParameters hash) =>
        $"$argon2id$v=19$m={hash.MemoryKibibytes},t={hash.Iterations},p={hash.Parallelism}${Text(hash.Salt)}${Text(hash.Tag)}";

    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static string Next(Random random)
    {
        var text = Seeds[random.Next(Seeds.Length)].ToList();
        int edits = random.Next(1, 4);
        for (int edit = 0; edit < edits; edit++)
        {
            char character = random.Next(8) == 0 ? (char)random.Next(0x10000) : Characters[random.Next(Characters.Length)];
            int position = random.Next(text.Count + 1);
            switch (random.Next(6))
            {
                case 0 when position < text.Count:
                    text.RemoveAt(position);
                    break;
                case 1:
                    text.Insert(position, character);
                    break;
                case 2 when random.Next(4) == 0:
                    text.RemoveRange(position, text.Count - position);
                    break;
                case 3 when random.Next(4) == 0:
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
