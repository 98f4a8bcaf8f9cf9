using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Tests.Keys;

/// <summary>A row opens under its master key, as it was sealed and in no other shape.</summary>
public sealed class KeyWrapperTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SigningKey _access = SigningKey.Create(SignatureAlgorithm.ES256);
    private readonly SigningKey _refresh = SigningKey.Create(SignatureAlgorithm.HS256);
    private readonly string _master = MasterKey.Create();
    private readonly KeyWrapper _wrapper;

    public KeyWrapperTests() => _wrapper = Wrapper(_master);

    public void Dispose()
    {
        _access.Dispose();
        _refresh.Dispose();
    }

    [Theory]
    [InlineData(KeyUse.AccessToken, KeyState.Next)]
    [InlineData(KeyUse.AccessToken, KeyState.Current)]
    [InlineData(KeyUse.RefreshToken, KeyState.Current)]
    public void TryOpen_WhatSealMade_IsTheSameKey(KeyUse use, KeyState state)
    {
        var key = KeyFor(use);

        var row = _wrapper.Encrypt(key, use, state, Now);
        using var opened = Wrapper(_master).TryOpen(row);

        Assert.Equal((key.KeyId, use, key.Algorithm.Name, state, Now), (row.KeyId, row.Use, row.Algorithm, row.State, row.CreatedAt));
        Assert.Equal(state == KeyState.Current ? Now : null, row.ActivatedAt);
        Assert.Equal(use == KeyUse.AccessToken, row.PublicKey is not null);
        Assert.Equal(key.KeyId, opened!.KeyId);
        Assert.Equal(key.ExportPrivateKey(), opened.ExportPrivateKey());
        Assert.Equal(-1, row.WrappedKey.Span.IndexOf(key.ExportPrivateKey().AsSpan(^16..)));
    }

    [Theory]
    [InlineData(KeyUse.AccessToken)]
    [InlineData(KeyUse.RefreshToken)]
    public void TryOpen_RowChangedInAnyBoundField_IsNull(KeyUse use)
    {
        using var other = SigningKey.Create(SignatureAlgorithm.ES256);
        var row = _wrapper.Encrypt(KeyFor(use), use, KeyState.Current, Now);
        var otherUse = use == KeyUse.AccessToken ? KeyUse.RefreshToken : KeyUse.AccessToken;
        var flipped = row.WrappedKey.ToArray();
        flipped[^1] ^= 1;
        StoredKey[] changed =
        [
            Copy(row, keyId: row.KeyId + "x"),
            Copy(row, use: otherUse),
            Copy(row, algorithm: use == KeyUse.AccessToken ? "HS256" : "ES256"),
            Copy(row, algorithm: "none"),
            Copy(row, publicKey: other.ExportSubjectPublicKeyInfo()),
            Copy(row, publicKey: Array.Empty<byte>()),
            Copy(row, wrapped: flipped),
            Copy(row, wrapped: Array.Empty<byte>()),
        ];

        Assert.NotNull(_wrapper.TryOpen(Copy(row)));
        Assert.All(changed, one => Assert.Null(_wrapper.TryOpen(one)));
    }

    [Fact]
    public void TryOpen_PreviousMasterKey_OpensWhatItSealedAndSealsNothing()
    {
        var fresh = MasterKey.Create();
        var both = Wrapper(fresh, _master);

        Assert.NotNull(both.TryOpen(_wrapper.Encrypt(_access, KeyUse.AccessToken, KeyState.Current, Now)));
        Assert.Null(Wrapper(fresh).TryOpen(_wrapper.Encrypt(_access, KeyUse.AccessToken, KeyState.Current, Now)));

        var sealedNow = both.Encrypt(_refresh, KeyUse.RefreshToken, KeyState.Current, Now);
        Assert.NotNull(Wrapper(fresh).TryOpen(sealedNow));
        Assert.Null(_wrapper.TryOpen(sealedNow));
    }

    private static KeyWrapper Wrapper(string master, string? previous = null) =>
        KeyWrapper.From(new KeyOptions { MasterKey = master, PreviousMasterKey = previous });

    private static StoredKey Copy(
        StoredKey row,
        string? keyId = null,
        KeyUse? use = null,
        string? algorithm = null,
        ReadOnlyMemory<byte>? publicKey = null,
        byte[]? wrapped = null) => new()
        {
            KeyId = keyId ?? row.KeyId,
            Use = use ?? row.Use,
            Algorithm = algorithm ?? row.Algorithm,
            State = row.State,
            PublicKey = publicKey ?? row.PublicKey,
            WrappedKey = wrapped ?? row.WrappedKey,
            CreatedAt = row.CreatedAt,
        };

    private SigningKey KeyFor(KeyUse use) => use == KeyUse.AccessToken ? _access : _refresh;
}
