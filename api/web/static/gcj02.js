// WGS 84 to GCJ-02, the datum in which maps are published in China: longitude and latitude in
// degrees. The formula is not published; this is the one in common use, and holds within China.

const AXIS_M = 6378245;
const ECCENTRICITY_2 = 0.00669342162296594323;
const { PI, sin, cos, sqrt, abs } = Math;

function waves(x, ...parts) {
  return parts.reduce((sum, [high, over]) => sum + (high * sin((x * PI) / over) * 2) / 3, 0);
}

function northM(x, y) {
  const plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x));
  return (
    plain + waves(x, [20, 1 / 6], [20, 1 / 2]) + waves(y, [20, 1], [40, 3], [160, 12], [320, 30])
  );
}

function eastM(x, y) {
  const plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x));
  return plain + waves(x, [20, 1 / 6], [20, 1 / 2], [20, 1], [40, 3], [150, 12], [300, 30]);
}

export function gcj02([longitude, latitude]) {
  const [x, y] = [longitude - 105, latitude - 35];
  const angle = (latitude / 180) * PI;
  const bulge = 1 - ECCENTRICITY_2 * sin(angle) ** 2;
  const north = (AXIS_M * (1 - ECCENTRICITY_2)) / (bulge * sqrt(bulge));
  const east = (AXIS_M / sqrt(bulge)) * cos(angle);
  return [
    longitude + ((eastM(x, y) / east) * 180) / PI,
    latitude + ((northM(x, y) / north) * 180) / PI,
  ];
}
