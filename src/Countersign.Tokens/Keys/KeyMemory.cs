using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>
/// A copy of key material. The garbage collector never moves it. It is zeroed when it is disposed of or no longer reachable. It is a safe handle, because a
/// safe handle counts its users: if one thread disposes of the key while another uses it, the other still sees the key and never zeroes.
/// </summary>
internal sealed class KeyMemory : SafeHandle
{
    private readonly byte[] _material;

    public KeyMemory(ReadOnlySpan<byte> material)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        _material = new byte[material.Length];
        SetHandle(GCHandle.ToIntPtr(GCHandle.Alloc(_material, GCHandleType.Pinned)));
        material.CopyTo(_material);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Makes a copy. The caller zeroes it.</summary>
    /// <exception cref="ObjectDisposedException">The material has been zeroed.</exception>
    public byte[] ToArray()
    {
        var counted = false;
        try
        {
            DangerousAddRef(ref counted);
            return _material.ToArray();
        }
        finally
        {
            Release(counted);
        }
    }

    /// <summary>Makes an HMAC (RFC 2104) under the material. The provider has its own copy and zeroes it when the HMAC is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">The material has been zeroed.</exception>
    public IncrementalHash OpenHmac(HashAlgorithmName hash)
    {
        var counted = false;
        try
        {
            DangerousAddRef(ref counted);
            return IncrementalHash.CreateHMAC(hash, _material);
        }
        finally
        {
            Release(counted);
        }
    }

    /// <summary>Imports the material, which is PKCS#8, into a key of the base library.</summary>
    /// <param name="key">An empty key of the material's kind. It is disposed of if the import fails.</param>
    /// <returns>The same key.</returns>
    /// <exception cref="ObjectDisposedException">The material has been zeroed.</exception>
    public TKey OpenPkcs8<TKey>(TKey key)
        where TKey : AsymmetricAlgorithm
    {
        var counted = false;
        try
        {
            DangerousAddRef(ref counted);
            key.ImportPkcs8PrivateKey(_material, out _);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
        finally
        {
            Release(counted);
        }
    }

    protected override bool ReleaseHandle()
    {
        CryptographicOperations.ZeroMemory(_material);
        GCHandle.FromIntPtr(handle).Free();
        return true;
    }

    private void Release(bool counted)
    {
        if (counted)
        {
            DangerousRelease();
        }
    }
}
