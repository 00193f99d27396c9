/** The mark of the product: a C that speaks. */
export function BrandMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden style={{ flex: 'none' }}>
      <rect width="32" height="32" rx="9" fill="#0a6881" />
      <path d="M22.6 11.2A8 8 0 1 0 16 24h7.2l-1.6-2.6" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
      <circle cx="16" cy="16" r="2.2" fill="#8fe0f2" />
    </svg>
  );
}
