/** The four kinds of theme, with the tokens that our pages use, as the workbench's own themes have them. */
export const themes = {
  dark: {
    kind: 'vscode-dark',
    classes: 'vscode-dark',
    tokens: {
      foreground: '#cccccc', descriptionForeground: '#9d9d9d', errorForeground: '#f85149', focusBorder: '#0078d4',
      'editor-background': '#1f1f1f', 'editor-foreground': '#cccccc', 'panel-border': '#2b2b2b', 'sideBar-background': '#181818', 'sideBar-foreground': '#cccccc',
      'textLink-foreground': '#4daafc', 'textLink-activeForeground': '#4daafc', 'testing-iconPassed': '#73c991', 'editorWarning-foreground': '#cca700', 'editorError-foreground': '#f14c4c', 'editorInfo-foreground': '#59a4f9',
      'panelTitle-activeBorder': '#0078d4', 'button-background': '#0078d4', 'button-foreground': '#ffffff', 'button-hoverBackground': '#026ec1', 'button-border': '#ffffff12',
      'button-secondaryBackground': '#313131', 'button-secondaryForeground': '#cccccc', 'button-secondaryHoverBackground': '#3c3c3c',
      'toolbar-hoverBackground': '#5a5d5e50', 'editorHoverWidget-background': '#202020', 'editorHoverWidget-foreground': '#cccccc', 'editorHoverWidget-border': '#454545',
      'input-background': '#313131', 'input-foreground': '#cccccc', 'input-border': '#3c3c3c', 'dropdown-background': '#313131', 'dropdown-foreground': '#cccccc', 'dropdown-border': '#3c3c3c',
      'badge-background': '#616161', 'badge-foreground': '#f8f8f8', 'list-hoverBackground': '#2a2d2e', 'list-activeSelectionBackground': '#04395e', 'list-activeSelectionForeground': '#ffffff',
      'settings-headerForeground': '#ffffff', 'checkbox-background': '#313131', 'checkbox-border': '#3c3c3c', 'widget-border': '#313131', 'disabledForeground': '#cccccc80',
      'inputValidation-warningBorder': '#b89500', 'inputValidation-errorBorder': '#be1100', 'progressBar-background': '#0078d4', 'scrollbarSlider-background': '#79797966', 'icon-foreground': '#cccccc',
    },
  },
  light: {
    kind: 'vscode-light',
    classes: 'vscode-light',
    tokens: {
      foreground: '#3b3b3b', descriptionForeground: '#3b3b3b', errorForeground: '#f85149', focusBorder: '#005fb8',
      'editor-background': '#ffffff', 'editor-foreground': '#3b3b3b', 'panel-border': '#e5e5e5', 'sideBar-background': '#f8f8f8', 'sideBar-foreground': '#3b3b3b',
      'textLink-foreground': '#005fb8', 'textLink-activeForeground': '#005fb8', 'testing-iconPassed': '#73c991', 'editorWarning-foreground': '#bf8803', 'editorError-foreground': '#e51400', 'editorInfo-foreground': '#0063d3',
      'panelTitle-activeBorder': '#005fb8', 'button-background': '#005fb8', 'button-foreground': '#ffffff', 'button-hoverBackground': '#0258a8', 'button-border': '#0000001a',
      'button-secondaryBackground': '#e5e5e5', 'button-secondaryForeground': '#3b3b3b', 'button-secondaryHoverBackground': '#cccccc',
      'toolbar-hoverBackground': '#b8b8b850', 'editorHoverWidget-background': '#f8f8f8', 'editorHoverWidget-foreground': '#3b3b3b', 'editorHoverWidget-border': '#c8c8c8',
      'input-background': '#ffffff', 'input-foreground': '#3b3b3b', 'input-border': '#cecece', 'dropdown-background': '#ffffff', 'dropdown-foreground': '#3b3b3b', 'dropdown-border': '#cecece',
      'badge-background': '#cccccc', 'badge-foreground': '#3b3b3b', 'list-hoverBackground': '#f2f2f2', 'list-activeSelectionBackground': '#e8e8e8', 'list-activeSelectionForeground': '#000000',
      'settings-headerForeground': '#1f1f1f', 'checkbox-background': '#f8f8f8', 'checkbox-border': '#cecece', 'widget-border': '#e5e5e5', 'disabledForeground': '#61616180',
      'inputValidation-warningBorder': '#b89500', 'inputValidation-errorBorder': '#be1100', 'progressBar-background': '#005fb8', 'scrollbarSlider-background': '#64646466', 'icon-foreground': '#3b3b3b',
    },
  },
  'high-contrast': {
    kind: 'vscode-high-contrast',
    classes: 'vscode-high-contrast',
    tokens: {
      foreground: '#ffffff', descriptionForeground: '#ffffffb3', errorForeground: '#f48771', focusBorder: '#f38518', contrastBorder: '#6fc3df', contrastActiveBorder: '#f38518',
      'editor-background': '#000000', 'editor-foreground': '#ffffff', 'panel-border': '#6fc3df', 'sideBar-background': '#000000', 'sideBar-foreground': '#ffffff',
      'textLink-foreground': '#21a6ff', 'textLink-activeForeground': '#21a6ff', 'testing-iconPassed': '#73c991', 'editorWarning-foreground': '#ffd370', 'editorError-foreground': '#f48771', 'editorInfo-foreground': '#3794ff',
      'panelTitle-activeBorder': '#6fc3df', 'button-background': '#000000', 'button-foreground': '#ffffff', 'button-hoverBackground': '#000000', 'button-border': '#6fc3df',
      'button-secondaryBackground': '#000000', 'button-secondaryForeground': '#ffffff',
      'toolbar-hoverBackground': '#00000000', 'editorHoverWidget-background': '#0c141f', 'editorHoverWidget-foreground': '#ffffff', 'editorHoverWidget-border': '#6fc3df',
      'input-background': '#000000', 'input-foreground': '#ffffff', 'input-border': '#6fc3df', 'dropdown-background': '#0c141f', 'dropdown-foreground': '#ffffff', 'dropdown-border': '#6fc3df',
      'badge-background': '#000000', 'badge-foreground': '#ffffff', 'settings-headerForeground': '#ffffff', 'checkbox-background': '#0c141f', 'checkbox-border': '#6fc3df', 'disabledForeground': '#a5a5a5', 'icon-foreground': '#ffffff',
      'list-hoverBackground': '#ffffff1a', 'list-activeSelectionBackground': '#00000000', 'list-activeSelectionForeground': '#ffffff', 'widget-border': '#6fc3df',
    },
  },
  'high-contrast-light': {
    kind: 'vscode-high-contrast-light',
    classes: 'vscode-high-contrast-light vscode-high-contrast',
    tokens: {
      foreground: '#292929', descriptionForeground: '#292929', errorForeground: '#b5200d', focusBorder: '#006bbd', contrastBorder: '#0f4a85', contrastActiveBorder: '#006bbd',
      'editor-background': '#ffffff', 'editor-foreground': '#292929', 'panel-border': '#0f4a85', 'sideBar-background': '#ffffff', 'sideBar-foreground': '#292929',
      'textLink-foreground': '#0f4a85', 'textLink-activeForeground': '#0f4a85', 'testing-iconPassed': '#007100', 'editorWarning-foreground': '#895503', 'editorError-foreground': '#b5200d', 'editorInfo-foreground': '#0063d3',
      'panelTitle-activeBorder': '#b5200d', 'button-background': '#0f4a85', 'button-foreground': '#ffffff', 'button-hoverBackground': '#0f4a85', 'button-border': '#0f4a85',
      'button-secondaryBackground': '#ffffff', 'button-secondaryForeground': '#292929',
      'toolbar-hoverBackground': '#00000000', 'editorHoverWidget-background': '#ffffff', 'editorHoverWidget-foreground': '#292929', 'editorHoverWidget-border': '#0f4a85',
      'input-background': '#ffffff', 'input-foreground': '#292929', 'input-border': '#0f4a85', 'dropdown-background': '#ffffff', 'dropdown-foreground': '#292929', 'dropdown-border': '#0f4a85',
      'badge-background': '#0f4a85', 'badge-foreground': '#ffffff', 'settings-headerForeground': '#292929', 'checkbox-background': '#ffffff', 'checkbox-border': '#0f4a85', 'disabledForeground': '#7f7f7f', 'icon-foreground': '#292929',
      'list-hoverBackground': '#0f4a851a', 'list-activeSelectionBackground': '#0f4a851a', 'list-activeSelectionForeground': '#292929', 'widget-border': '#0f4a85',
    },
  },
} as const;

export type ThemeName = keyof typeof themes;
export const themeNames = Object.keys(themes) as readonly ThemeName[];

/** The style sheet that the workbench would give a page. */
export function themeSheet(theme: ThemeName): string {
  const tokens = Object.entries(themes[theme].tokens).map(([name, value]) => `--vscode-${name}: ${value};`);
  return `:root { ${tokens.join(' ')} --vscode-font-family: "Inter", "DejaVu Sans", system-ui, sans-serif; --vscode-font-size: 13px; --vscode-font-weight: normal; --vscode-editor-font-family: "DejaVu Sans Mono", monospace; --vscode-editor-font-size: 13px; }`;
}
